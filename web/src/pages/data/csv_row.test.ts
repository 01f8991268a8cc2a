// Aim     a rejected row is shown cell by cell, and comes back as it was but for the cell that was corrected.
import { describe, expect, it } from 'vitest';

import { lineOf, rowOf, withCell } from './csv_row';

describe('rowOf', () => {
  it.each([
    ['a,b,c', '1,2,3'],
    ['"订单编号","总金额"', '"2100","12,3a"'],
    ['a,b', '"he said ""no""",'],
    ['a\tb', "'1\t2"],
    ['a,b', ',""'],
  ])('comes back as it was: %s / %s', (header, line) => {
    const read = rowOf(header, line);
    expect(read).not.toBeNull();
    if (read) expect(lineOf(read.row)).toBe(line);
  });

  it('changes one cell and nothing else', () => {
    const read = rowOf('"订单编号","收货地址 ","总金额"', '"2100","路1号, 2楼","12,3a"');
    expect(read?.names).toEqual(['订单编号', '收货地址', '总金额']);
    if (read) expect(lineOf(withCell(read.row, 2, '123.00'))).toBe('"2100","路1号, 2楼","123.00"');
  });

  it('quotes what needs it now', () => {
    const read = rowOf('a,b', '1,2');
    if (read) expect(lineOf(withCell(read.row, 1, 'x, "y"'))).toBe('1,"x, ""y"""');
  });

  it.each([
    ['fewer cells than the heading', 'a,b,c', '1,2'],
    ['quotes that do not end', 'a,b', '1,"2'],
    ['a row of JSON', '', '{"order_no": 1}'],
  ])('leaves alone: %s', (_, header, line) => expect(rowOf(header, line)).toBeNull());
});
