import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Answer } from '../../states';

export function System() {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = hooks.useQuery('get', '/system', {}, { refetchInterval: 10_000 });
  return (
    <Card title={t('settings.sections.system')}>
      <Answer query={query}>
        {(one) => (
          <dl className="pairs">
            <dt>{t('settings.version')}</dt>
            <dd>{one.version}</dd>
            <dt>{t('settings.database')}</dt>
            <dd>{one.database}</dd>
            <dt>{t('settings.schema_version')}</dt>
            <dd>{one.schema_version}</dd>
            <dt>{t('settings.database_size')}</dt>
            <dd>{formats.bytes(one.database_bytes)}</dd>
            <dt>{t('settings.started')}</dt>
            <dd>
              {formats.time(one.started_at)} ({formats.ago(one.started_at)})
            </dd>
            <dt>{t('settings.customers')}</dt>
            <dd>{formats.number(one.audience.customers)}</dd>
            <dt>{t('settings.orders')}</dt>
            <dd>{formats.number(one.audience.orders)}</dd>
            <dt>{t('settings.lines')}</dt>
            <dd>{formats.number(one.audience.lines)}</dd>
            <dt>{t('settings.events')}</dt>
            <dd>{formats.number(one.audience.events)}</dd>
            <dt>{t('settings.audience_memory')}</dt>
            <dd>{formats.bytes(one.audience.bytes)}</dd>
            <dt>{t('settings.process_memory')}</dt>
            <dd>{formats.bytes(one.resident_bytes)}</dd>
          </dl>
        )}
      </Answer>
    </Card>
  );
}
