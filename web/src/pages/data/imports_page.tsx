import { NotFound } from '../../shell/crashed';

export const ImportsPage = NotFound;
