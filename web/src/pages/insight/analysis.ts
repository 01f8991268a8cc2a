// What an analysis is to the frame around it. Each is one file in analyses/, exporting `analysis`; it appears by being there.
import type { ComponentType } from 'react';

import type { Picture } from '../../charts/chart';

export interface Scope {
  where: string; // '' is everybody
  asOf: string; // '' is now, else YYYY-MM-DD
}

export type Cell = string | number | null;

export interface Table {
  name: string;
  columns: string[];
  rows: Cell[][];
}

// What the frame's export takes: the tables and the picture that are shown.
export interface Shown {
  tables: Table[];
  picture: Picture | null;
}

export interface Analysis {
  key: string;
  order: number;
  title: readonly [chinese: string, english: string];
  Component: ComponentType<{ scope: Scope; onShown: (shown: Partial<Shown>) => void }>;
}

const modules = import.meta.glob<{ analysis: Analysis }>('./analyses/*.tsx', { eager: true });

export const kAnalyses: Analysis[] = Object.values(modules)
  .map((module) => module.analysis)
  .sort((a, b) => a.order - b.order);
