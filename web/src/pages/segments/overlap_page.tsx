import { NotFound } from '../../shell/crashed';

export const OverlapPage = NotFound;
