import { NotFound } from '../../shell/crashed';

export const CustomersPage = NotFound;
