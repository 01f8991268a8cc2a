// One setting: what it means, its bounds, its value, and the way back to the default.
import './words';

import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { currencies, timeZones } from '../../zones';
import type { Setting, Settings } from './use_settings';

function Value({ id, setting, value, disabled, onChange }: { id: string; setting: Setting; value: string; disabled: boolean; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  switch (setting.kind) {
    case 'integer':
      return (
        <InputNumber
          id={id}
          disabled={disabled}
          precision={0}
          {...(setting.min === null ? {} : { min: setting.min })}
          {...(setting.max === null ? {} : { max: setting.max })}
          value={value === '' ? null : Number(value)}
          onChange={(next) => next !== null && onChange(String(next))}
          style={{ width: 160 }}
        />
      );
    case 'numbers':
      return <Input id={id} disabled={disabled} inputMode="decimal" value={value} onChange={(event) => onChange(event.target.value.replace(/[，、\s]+/g, ','))} style={{ maxWidth: 320 }} />;
    case 'choice':
      return (
        <Select
          id={id}
          disabled={disabled}
          value={value}
          onChange={onChange}
          options={(setting.choices ?? []).map((one) => ({ value: one, label: t(`settings.choice.${one}`, { defaultValue: one }) }))}
          style={{ maxWidth: 320 }}
        />
      );
    default:
      return (
        <Select
          id={id}
          showSearch
          allowClear={setting.initial === ''}
          placeholder={t('settings.automatic')}
          disabled={disabled}
          value={value || null}
          onChange={(next: string | null) => onChange(next ?? '')}
          options={(setting.kind === 'time_zone' ? timeZones() : currencies()).map((one) => ({ value: one, label: one }))}
          style={{ maxWidth: 320 }}
        />
      );
  }
}

export function SettingField({ setting, settings, disabled }: { setting: Setting; settings: Settings; disabled: boolean }) {
  const { t } = useTranslation();
  const id = `setting-${setting.name}`;
  const key = setting.name.replaceAll('.', '_');
  const value = settings.value(setting.name);
  const range = setting.kind === 'integer' && setting.min !== null && setting.max !== null ? t('settings.range', { min: setting.min, max: setting.max }) : '';
  return (
    <Form.Item
      label={t(`settings.name.${key}`, { defaultValue: setting.name })}
      htmlFor={id}
      extra={
        <>
          {t(`settings.help.${key}`, { defaultValue: setting.help })} {range}{' '}
          {value !== setting.initial && setting.initial !== '' && !disabled && (
            <button type="button" className="link-like" onClick={() => settings.put(setting.name, setting.initial)}>
              {t('settings.initial', { value: t(`settings.choice.${setting.initial}`, { defaultValue: setting.initial }) })}
            </button>
          )}
        </>
      }
    >
      <Value id={id} setting={setting} value={value} disabled={disabled} onChange={(next) => settings.put(setting.name, next)} />
    </Form.Item>
  );
}
