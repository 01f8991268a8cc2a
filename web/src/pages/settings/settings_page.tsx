import { NotFound } from '../../shell/crashed';

export const SettingsPage = NotFound;
