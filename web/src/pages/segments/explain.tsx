// Why a customer is in the segment, or not: every condition with what was seen.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { CustomerPicker } from '../../customer_picker';
import { Card } from '../../page';
import { Answer } from '../../states';

type Explanation = components['schemas']['explanation'];

function Part({ part }: { part: Explanation }) {
  const { t } = useTranslation();
  return (
    <li>
      <div className="row nowrap explain-row">
        <span className={part.held ? 'tag good' : 'tag bad'}>{part.held ? t('segments.held') : t('segments.not_held')}</span>
        <span className="grow">{part.words || part.text}</span>
      </div>
      {part.parts.length > 0 && (
        <ul className="explain">
          {part.parts.map((inner, at) => (
            <Part key={at} part={inner} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function Explanations({ expression, customerId }: { expression: string; customerId: number }) {
  const { t } = useTranslation();
  const query = hooks.useQuery('post', '/segments/explain', { body: { expression, customer_id: customerId } });
  return (
    <Answer query={query}>
      {(data) => (
        <div className="stack">
          <p>
            <Link to={`/customers/${customerId}`}>{customerId}</Link>{' '}
            <strong className={data.member ? 'delta-up' : 'delta-down'}>{data.member ? t('segments.is_member') : t('segments.is_no_member')}</strong>
          </p>
          <ul className="explain">
            <Part part={data.explanation} />
          </ul>
        </div>
      )}
    </Answer>
  );
}

export function Explain({ expression }: { expression: string }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<number | null>(null);
  return (
    <Card title={t('segments.tabs.explain')}>
      <div className="stack">
        <p className="quiet">{t('segments.explain_text')}</p>
        <CustomerPicker value={asked} onChange={setAsked} />
        {asked !== null && <Explanations expression={expression} customerId={asked} />}
      </div>
    </Card>
  );
}
