// The settings proper, as the server declares them; the definitions of life cycle and RFM have a page of their own.
import { useTranslation } from 'react-i18next';

import { Card } from '../../page';
import { isDefinition } from './definitions';
import { SettingField } from './setting_field';
import { SettingsForm } from './settings_form';
import type { Setting } from './use_settings';

const kGroups = ['general', 'other'] as const;

function groupOf(setting: Setting): (typeof kGroups)[number] {
  return setting.kind === 'integer' ? 'other' : 'general';
}

export function General() {
  const { t } = useTranslation();
  return (
    <SettingsForm>
      {(items, settings, may) =>
        kGroups.map((group) => (
          <Card key={group} title={t(`settings.groups.${group}`)}>
            {items
              .filter((one) => !isDefinition(one) && groupOf(one) === group)
              .map((one) => (
                <SettingField key={one.name} setting={one} settings={settings} disabled={!may} />
              ))}
          </Card>
        ))
      }
    </SettingsForm>
  );
}
