import { NotFound } from '../../shell/crashed';

export const ImportPage = NotFound;
