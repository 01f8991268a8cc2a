import { NotFound } from '../../shell/crashed';

export const ExportsPage = NotFound;
