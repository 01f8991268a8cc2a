// What the trade's words mean in this shop: the stages of the life cycle, with how many stand where while the days are
// edited, and how RFM is scored.
import { useTranslation } from 'react-i18next';

import { useCount } from '../../audience_count';
import { useDebounced } from '../../debounced';
import { useFormats } from '../../format';
import { LifecycleTag } from '../../lifecycle';
import { Card } from '../../page';
import { Stale } from '../../states';
import { SettingField } from './setting_field';
import { SettingsForm } from './settings_form';
import { stagesOf } from './stages';
import type { Setting, Settings } from './use_settings';

const kTypingMs = 250;
const kDays = ['lifecycle.active_days', 'lifecycle.silent_days', 'lifecycle.sleeping_days'];
const kOfQuantiles = ['rfm.scores'];
const kOfThresholds = ['rfm.recency_edges', 'rfm.frequency_edges', 'rfm.monetary_edges'];

export function isDefinition(setting: Setting): boolean {
  return setting.name.startsWith('lifecycle.') || setting.name.startsWith('rfm.');
}

function StageCount({ stage, words, expression }: { stage: string; words: string; expression: string }) {
  const formats = useFormats();
  const query = useCount(expression);
  return (
    <li className="row">
      <LifecycleTag stage={stage} />
      <span className="grow quiet">{words}</span>
      <Stale when={query.isPlaceholderData}>
        <span className="number">{query.data ? formats.number(query.data.count) : '…'}</span>{' '}
        <span className="quiet small">{query.data && query.data.of > 0 ? formats.percent(query.data.count / query.data.of) : ''}</span>
      </Stale>
    </li>
  );
}

function Stages({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const days = useDebounced(kDays.map(settings.value).join(','), kTypingMs);
  const stages = stagesOf(days.split(',').map(Number));
  if (!stages) return <p className="notice">{t('settings.days_ascend')}</p>;
  return (
    <ul className="lines stage-counts">
      {stages.map(({ stage, from, to, expression }) => (
        <StageCount
          key={stage}
          stage={stage}
          expression={expression}
          words={to === null ? t('settings.days_more', { from }) : from === null ? t('settings.days_within', { to }) : t('settings.days_between', { from, to })}
        />
      ))}
    </ul>
  );
}

export function Definitions() {
  const { t } = useTranslation();
  return (
    <SettingsForm>
      {(items, settings, may) => {
        const isByThresholds = settings.value('rfm.scoring') === 'thresholds';
        const hidden = isByThresholds ? kOfQuantiles : kOfThresholds;
        const fields = (begin: string) =>
          items
            .filter((one) => one.name.startsWith(begin) && !hidden.includes(one.name))
            .map((one) => <SettingField key={one.name} setting={one} settings={settings} disabled={!may} />);
        return (
          <>
            <Card title={t('settings.groups.lifecycle')}>
              <div className="stack">
                <p className="quiet">{t('settings.lifecycle_text')}</p>
                <div className="definition-fields">{fields('lifecycle.')}</div>
                <Stages settings={settings} />
              </div>
            </Card>
            <Card title={t('settings.groups.rfm')}>
              <div className="stack">
                <p className="quiet">{t('settings.rfm_text')}</p>
                <div>{fields('rfm.')}</div>
              </div>
            </Card>
          </>
        );
      }}
    </SettingsForm>
  );
}
