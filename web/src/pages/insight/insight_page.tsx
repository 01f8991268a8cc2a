import { NotFound } from '../../shell/crashed';

export const InsightPage = NotFound;
