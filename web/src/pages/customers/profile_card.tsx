import '../../shell/customer_words';

import { useTranslation } from 'react-i18next';

import { useFormats } from '../../format';
import { Card } from '../../page';
import type { Customer } from './customer_page';

export function ProfileCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rows: [string, string | null][] = [
    ['phone', customer.phone],
    ['email', customer.email],
    ['gender', customer.gender && t(`customer.gender.${customer.gender}`)],
    ['birthday', customer.birthday],
    ['region', [customer.province, customer.city, customer.district].filter(Boolean).join(' ') || null],
    ['shop', customer.shop],
    ['order_count', formats.number(customer.order_count)],
    ['total_spent', formats.money(customer.total_spent)],
    ['avg_order_value', customer.avg_order_value && formats.money(customer.avg_order_value)],
    ['first_order_at', customer.first_order_at && formats.date(customer.first_order_at)],
    ['last_order_at', customer.last_order_at && `${formats.date(customer.last_order_at)} (${formats.ago(customer.last_order_at)})`],
  ];
  return (
    <Card title={t('customers.profile')}>
      <dl className="pairs">
        {rows
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key} className="pair">
              <dt>{t(`customer.field.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}

export function IdentifiersCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <Card title={t('customers.identifiers')}>
      <p className="quiet small">{t('customers.identifiers_text')}</p>
      <ul className="lines">
        {customer.identifiers.map((one) => (
          <li key={`${one.kind}${one.account_id}${one.value}`} className="row">
            <span className="quiet">{t(`customer.kind.${one.kind}`, one.kind)}</span>
            <span className="grow code">{one.value}</span>
            {one.shared && <span className="tag warn">{t('customers.shared')}</span>}
            {one.shop && <span className="quiet small">{one.shop}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
