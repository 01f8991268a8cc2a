import { NotFound } from '../../shell/crashed';

export const BuilderPage = NotFound;
