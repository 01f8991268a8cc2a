// The shown tables as files: CSV by hand, XLSX by a library fetched when wanted.
import { saveFile } from '../../save_file';
import type { Table } from './analysis';

function quoted(cell: unknown): string {
  const text = cell === null ? '' : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Excel reads UTF-8 only with its mark in front.
export function csvOf(tables: Table[]): string {
  const parts = tables.map((table) => [[table.name], table.columns, ...table.rows].map((row) => row.map(quoted).join(',')).join('\r\n'));
  return `\uFEFF${parts.join('\r\n\r\n')}\r\n`;
}

export async function saveXlsx(name: string, tables: Table[]): Promise<void> {
  const { default: writeXlsxFile } = await import('write-excel-file/browser');
  const sheets = tables.map((table) => ({
    sheet: table.name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31),
    data: [table.columns.map((value) => ({ value, fontWeight: 'bold' as const })), ...table.rows.map((row) => row.map((value) => ({ value: value ?? undefined })))],
  }));
  saveFile(`${name}.xlsx`, '', await writeXlsxFile(sheets).toBlob());
}
