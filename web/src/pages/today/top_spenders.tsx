import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { LifecycleTag } from '../../lifecycle';
import { Card } from '../../page';

interface Spender {
  customer: components['schemas']['customer_row'];
  amount: components['schemas']['money'];
}

export function TopSpenders({ rows }: { rows: Spender[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('today.top')}>
      {rows.length === 0 ? (
        <p className="quiet">{t('today.top_empty')}</p>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">{t('today.customer')}</th>
                <th scope="col" className="number">{t('today.spent_today')}</th>
                <th scope="col" className="number wide-only">{t('today.total_spent')}</th>
                <th scope="col" className="number wide-only">{t('today.order_count')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ customer, amount }, at) => (
                <tr key={customer.id}>
                  <td className="quiet">{at + 1}</td>
                  <td>
                    <Link className="underlined" to={`/customers/${customer.id}`}>{customer.display}</Link>{' '}
                    <LifecycleTag stage={customer.lifecycle} />
                    <div className="quiet small">{[customer.province, customer.city, customer.tier].filter(Boolean).join(' · ')}</div>
                  </td>
                  <td className="number">{formats.money(amount)}</td>
                  <td className="number wide-only">{formats.money(customer.total_spent)}</td>
                  <td className="number wide-only">{formats.number(customer.order_count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
