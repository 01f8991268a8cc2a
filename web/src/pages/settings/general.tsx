// The settings proper, as the server declares them: each with what it means, its bounds and its default.
import { Button, Form, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer } from '../../states';
import { currencies, timeZones } from '../../zones';
import { useAttempt } from './attempt';

type Setting = components['schemas']['setting'];

const kGroups = ['general', 'lifecycle', 'rfm', 'other'] as const;

function groupOf(setting: Setting): (typeof kGroups)[number] {
  if (setting.kind !== 'integer') return 'general';
  if (setting.name.startsWith('lifecycle.')) return 'lifecycle';
  return setting.name.startsWith('rfm.') ? 'rfm' : 'other';
}

function Field({ setting, value, disabled, onChange }: { setting: Setting; value: string; disabled: boolean; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const id = `setting-${setting.name}`;
  const options = setting.kind === 'time_zone' ? timeZones() : currencies();
  const range = setting.min !== null && setting.max !== null ? t('settings.range', { min: setting.min, max: setting.max }) : '';
  return (
    <Form.Item
      label={t(`settings.name.${setting.name.replaceAll('.', '_')}`, { defaultValue: setting.name })}
      htmlFor={id}
      extra={
        <>
          {t(`settings.help.${setting.name.replaceAll('.', '_')}`, { defaultValue: setting.help })} {range}{' '}
          {value !== setting.initial && setting.initial !== '' && !disabled && (
            <button type="button" className="link-like" onClick={() => onChange(setting.initial)}>
              {t('settings.initial', { value: setting.initial })}
            </button>
          )}
        </>
      }
    >
      {setting.kind === 'integer' ? (
        <InputNumber
          id={id}
          disabled={disabled}
          precision={0}
          min={setting.min ?? undefined}
          max={setting.max ?? undefined}
          value={value === '' ? null : Number(value)}
          onChange={(next) => next !== null && onChange(String(next))}
          style={{ width: 160 }}
        />
      ) : (
        <Select
          id={id}
          showSearch
          disabled={disabled}
          value={value || null}
          onChange={onChange}
          options={options.map((one) => ({ value: one, label: one }))}
          style={{ maxWidth: 320 }}
        />
      )}
    </Form.Item>
  );
}

export function General() {
  const { t } = useTranslation();
  const may = useMay('settings.write');
  const attempt = useAttempt();
  const query = hooks.useQuery('get', '/settings');
  const [edited, setEdited] = useState<Record<string, string>>({});

  const save = () =>
    attempt(async () => {
      const { response } = await api.GET('/settings', {});
      await api.PATCH('/settings', {
        params: { header: { 'If-Match': response.headers.get('ETag') ?? '' } },
        body: { values: edited },
      });
      setEdited({});
    }, t('shell.saved'));

  return (
    <Answer query={query}>
      {({ items }) => {
        const changed = items.filter((one) => edited[one.name] !== undefined && edited[one.name] !== one.value).length;
        return (
          <Form layout="vertical" className="stack" disabled={!may} onFinish={() => void save()}>
            {kGroups
              .map((group) => ({ group, settings: items.filter((one) => groupOf(one) === group) }))
              .filter(({ settings }) => settings.length > 0)
              .map(({ group, settings }) => (
                <Card key={group} title={t(`settings.groups.${group}`)}>
                  {settings.map((one) => (
                    <Field
                      key={one.name}
                      setting={one}
                      value={edited[one.name] ?? one.value}
                      disabled={!may}
                      onChange={(value) => setEdited({ ...edited, [one.name]: value })}
                    />
                  ))}
                </Card>
              ))}
            {may && (
              <div className="row">
                <Button type="primary" htmlType="submit" disabled={changed === 0}>
                  {t('shell.save')}
                </Button>
                {changed > 0 && <span className="quiet">{t('settings.changed', { count: changed })}</span>}
              </div>
            )}
          </Form>
        );
      }}
    </Answer>
  );
}
