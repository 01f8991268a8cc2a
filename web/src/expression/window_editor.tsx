// A window of time as a small form; what the form cannot say stays editable as text.
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { DayInput } from '../day_input';
import { useFormats } from '../format';
import { changedKind, kPeriods, kUnits, parseWindow, printWindow, type Window, type WindowKind } from './window';

const kKinds: WindowKind[] = ['last', 'ago', 'since', 'before', 'on', 'between', 'this', 'previous', 'next'];

export function WindowEditor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const window = parseWindow(text);
  if (!window) return <Input aria-label={t('expression.when')} defaultValue={text} onBlur={(event) => onChange(event.target.value)} style={{ width: 220 }} />;
  const put = (next: Window) => onChange(printWindow(next));

  return (
    <span className="row">
      <Select
        aria-label={t('expression.when')}
        value={window.kind}
        onChange={(kind: WindowKind) => put(changedKind(window, kind, formats.today()))}
        options={kKinds.map((kind) => ({ value: kind, label: t(`expression.window.${kind}`) }))}
        popupMatchSelectWidth={false}
      />
      {'amount' in window && (
        <>
          <InputNumber
            aria-label={t('expression.amount')}
            min={1}
            max={100000}
            precision={0}
            value={window.amount}
            onChange={(amount) => amount && put({ ...window, amount })}
            style={{ width: 84 }}
          />
          <Select
            aria-label={t('expression.when')}
            value={window.unit}
            onChange={(unit) => put({ ...window, unit })}
            options={kUnits.map((unit) => ({ value: unit, label: t(`expression.unit.${unit}`) }))}
            popupMatchSelectWidth={false}
          />
        </>
      )}
      {'day' in window && <DayInput label={t('expression.from_day')} value={window.day} onChange={(day) => put({ ...window, day })} />}
      {'from' in window && (
        <>
          <DayInput label={t('expression.from_day')} value={window.from} onChange={(from) => put({ ...window, from })} />
          <DayInput label={t('expression.to_day')} value={window.to} onChange={(to) => put({ ...window, to })} />
        </>
      )}
      {'period' in window && (
        <Select
          aria-label={t('expression.when')}
          value={window.period}
          onChange={(period) => put({ ...window, period })}
          options={kPeriods.map((period) => ({ value: period, label: t(`expression.period.${period}`) }))}
          popupMatchSelectWidth={false}
        />
      )}
    </span>
  );
}
