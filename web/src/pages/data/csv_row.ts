// One row of a CSV file, taken apart into its cells and put together again as it was written: a cell that stood in quotes
// stands in quotes again, so that correcting one cell changes nothing of the others.
export interface Cell {
  text: string;
  quoted: boolean;
}

export interface Row {
  separator: string;
  cells: Cell[];
}

const kSeparators = [',', '\t', ';', '|'];

function cellsOf(line: string, separator: string): Cell[] | null {
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    let text = '';
    const quoted = line[at] === '"';
    if (quoted) {
      at += 1;
      for (;;) {
        const end = line.indexOf('"', at);
        if (end < 0) return null; // the quotes do not end
        text += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        text += '"';
        at += 1;
      }
      if (at < line.length && line[at] !== separator) return null; // something behind the quotes
    } else {
      const end = line.indexOf(separator, at);
      text = line.slice(at, end < 0 ? line.length : end);
      at += text.length;
    }
    cells.push({ text, quoted });
    if (at >= line.length) return cells;
    at += 1;
  }
}

// The row beside its heading; null where the two do not have the same number of cells.
export function rowOf(header: string, line: string): { names: string[]; row: Row } | null {
  for (const separator of kSeparators) {
    const names = cellsOf(header, separator);
    const cells = cellsOf(line, separator);
    if (names && cells && names.length > 1 && names.length === cells.length) {
      return { names: names.map((name) => name.text.replace(/^\uFEFF/, '').trim()), row: { separator, cells } };
    }
  }
  return null;
}

export function lineOf({ separator, cells }: Row): string {
  return cells
    .map(({ text, quoted }) => (quoted || /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(separator);
}

export function withCell(row: Row, at: number, text: string): Row {
  return { ...row, cells: row.cells.map((cell, index) => (index === at ? { ...cell, text } : cell)) };
}
