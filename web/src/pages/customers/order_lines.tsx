import type { components } from '../../api/schema';
import { useFormats } from '../../format';

const kShown = 6;

export function OrderLines({ lines }: { lines: components['schemas']['order_line'][] }) {
  const formats = useFormats();
  return (
    <ul className="order-lines small">
      {lines.slice(0, kShown).map((line) => (
        <li key={line.line_no} className="row nowrap">
          <span className="grow">{line.title ?? line.product}</span>
          <span className="quiet nowrap">
            {formats.number(line.quantity)} × {formats.money(line.price)}
          </span>
        </li>
      ))}
      {lines.length > kShown && <li className="quiet">+{lines.length - kShown}</li>}
    </ul>
  );
}
