import { NotFound } from '../../shell/crashed';

export const IdentitiesPage = NotFound;
