import { NotFound } from '../../shell/crashed';

export const LibraryPage = NotFound;
