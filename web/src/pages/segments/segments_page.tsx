import { NotFound } from '../../shell/crashed';

export const SegmentsPage = NotFound;
