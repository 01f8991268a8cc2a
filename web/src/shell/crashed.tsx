import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';

import { Page } from '../page';
import { Empty } from '../states';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.error.not_found')}>
      <Empty title={t('shell.error.not_found')} actions={<Link to="/">{t('shell.nav.today')}</Link>}>
        {t('shell.error.not_found_detail')}
      </Empty>
    </Page>
  );
}

export function Crashed() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Page title={t('shell.error.crashed')}>
      <div className="card">
        <p>{t('shell.error.crashed_detail')}</p>
        <p className="code quiet">{error instanceof Error ? error.message : String(error)}</p>
        <div className="row" style={{ marginTop: 12 }}>
          <Button type="primary" onClick={() => window.location.reload()}>
            {t('shell.error.reload')}
          </Button>
        </div>
      </div>
    </Page>
  );
}
