// Ready-made segments, grouped, each with when to use it and how many it finds in this shop.
import './words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { currentLanguage } from '../../i18n';
import { Card, Page } from '../../page';
import { useMay } from '../../session';
import { Answer } from '../../states';

type ReadyMade = components['schemas']['ready_made'];

function Entry({ entry }: { entry: ReadyMade }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const formats = useFormats();
  const navigate = useNavigate();
  const client = useQueryClient();
  const may = useMay('segments.write');
  const [busy, setBusy] = useState(false);
  const isEnglish = currentLanguage() === 'en';
  const count = hooks.useQuery('post', '/segments/count', { body: { expression: entry.expression, sample: 0 } }, { staleTime: 60_000 });

  const add = async () => {
    setBusy(true);
    try {
      const name = isEnglish ? entry.name_en : entry.name_zh;
      await api.POST('/segment-library/{key}', { params: { path: { key: entry.key } }, body: { name } });
      await client.invalidateQueries();
      message.success(t('segments.added'));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    } finally {
      setBusy(false);
    }
  };

  return (
    <li className="ready-made">
      <div className="grow">
        <div className="row">
          <strong>{isEnglish ? entry.name_en : entry.name_zh}</strong>
          {count.data && <span className="tag">{formats.number(count.data.count)}</span>}
        </div>
        <div className="quiet">{isEnglish ? entry.use_en : entry.use_zh}</div>
        <div className="code quiet">{entry.expression}</div>
      </div>
      <div className="row">
        {entry.saved_as !== null ? (
          <Link to={`/segments/${entry.saved_as}`}>{t('segments.open')}</Link>
        ) : (
          may && (
            <Button size="small" loading={busy} onClick={() => void add()}>
              {t('segments.add')}
            </Button>
          )
        )}
        <Button size="small" onClick={() => void navigate(`/segments/new?expression=${encodeURIComponent(entry.expression)}`)}>
          {t('segments.look')}
        </Button>
      </div>
    </li>
  );
}

export function LibraryPage() {
  const { t } = useTranslation();
  const query = hooks.useQuery('get', '/segment-library');
  return (
    <Page title={t('segments.library_title')} subtitle={t('segments.library_text')}>
      <Answer query={query} rows={8}>
        {({ items }) => (
          <div className="stack">
            {[...new Set(items.map((one) => one.group))].map((group) => (
              <Card key={group} title={t(`segments.groups.${group.replace(' ', '_')}`, group)}>
                <ul className="lines">
                  {items
                    .filter((one) => one.group === group)
                    .map((entry) => (
                      <Entry key={entry.key} entry={entry} />
                    ))}
                </ul>
              </Card>
            ))}
          </div>
        )}
      </Answer>
    </Page>
  );
}
