import { NotFound } from '../../shell/crashed';

export const ImportResultPage = NotFound;
