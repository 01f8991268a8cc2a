// The scores, each with its reason in words.
import '../../shell/customer_words';

import { useTranslation } from 'react-i18next';

import { useFormats } from '../../format';
import { LifecycleTag, RfmTag } from '../../lifecycle';
import { Card } from '../../page';
import type { Customer } from './customer_page';

export function ScoresCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { rfm, lifecycle, churn_risk, clv } = customer.scores;
  const inWords = (reason: string) => reason.replace(/\b(active|silent|sleeping|lost)\b/g, (stage) => t(`customer.lifecycle.${stage}`, { defaultValue: stage }));
  return (
    <Card title={t('customers.scores')}>
      <div className="stack">
        {!lifecycle && <p className="quiet">{t('customers.never_bought')}</p>}
        {lifecycle && (
          <div>
            <div className="row">
              <LifecycleTag stage={lifecycle.stage} />
              {lifecycle.since_days !== null && <span className="quiet small">{t('customers.since_days', { count: lifecycle.since_days })}</span>}
            </div>
            <p className="quiet small">{inWords(lifecycle.reason)}</p>
          </div>
        )}
        {rfm && (
          <div>
            <div className="row">
              <RfmTag rfmClass={rfm.class} />
              <span>{t('customers.rfm_of', { r: rfm.r, f: rfm.f, m: rfm.m })}</span>
            </div>
            <ul className="reasons">
              {rfm.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </div>
        )}
        <dl className="pairs">
          <dt>{t('customers.churn')}</dt>
          <dd>{churn_risk === null ? <span className="quiet">{t('customers.no_score')}</span> : formats.percent(churn_risk, 0)}</dd>
          <dt>{t('customers.clv')}</dt>
          <dd>{clv === null ? <span className="quiet">{t('customers.no_score')}</span> : formats.money(clv)}</dd>
        </dl>
      </div>
    </Card>
  );
}
