import { NotFound } from '../../shell/crashed';

export const CustomerPage = NotFound;
