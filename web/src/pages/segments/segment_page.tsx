import { NotFound } from '../../shell/crashed';

export const SegmentPage = NotFound;
