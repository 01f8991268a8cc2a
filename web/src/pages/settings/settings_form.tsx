// A page of settings with one way to save what was changed, or to leave it as it was.
import { Button, Form } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../session';
import { Answer, Failed } from '../../states';
import { useSettings, type Setting, type Settings } from './use_settings';

export function SettingsForm({ children }: { children: (items: Setting[], settings: Settings, may: boolean) => ReactNode }) {
  const { t } = useTranslation();
  const may = useMay('settings.write');
  const settings = useSettings();
  return (
    <Answer query={settings.query} rows={8}>
      {({ items }) => (
        <Form layout="vertical" className="stack" disabled={!may} onFinish={() => void settings.save()}>
          {children(items, settings, may)}
          {settings.error !== null && <Failed error={settings.error} />}
          {may && (
            <div className="row">
              <Button type="primary" htmlType="submit" loading={settings.busy} disabled={settings.changed === 0}>
                {t('shell.save')}
              </Button>
              {settings.changed > 0 && (
                <>
                  <Button onClick={settings.forget}>{t('settings.forget')}</Button>
                  <span className="quiet">{t('settings.changed', { count: settings.changed })}</span>
                </>
              )}
            </div>
          )}
        </Form>
      )}
    </Answer>
  );
}
