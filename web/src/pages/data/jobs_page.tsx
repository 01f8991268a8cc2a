import { NotFound } from '../../shell/crashed';

export const JobsPage = NotFound;
