// Two to six segments together: circles for two or three, and for any number who is in exactly which of them.
import './words';

import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { hooks } from '../../api/client';
import { Card, Page } from '../../page';
import { Answer, Empty } from '../../states';
import { Combinations } from './combinations';
import { Venn } from './venn';

const kMost = 6;

function Overlap({ names, expressions }: { names: string[]; expressions: string[] }) {
  const { t } = useTranslation();
  const query = hooks.useQuery('post', '/segments/overlap', { body: { expressions } });
  return (
    <Answer query={query} rows={8}>
      {(data) => (
        <div className="grid">
          {names.length <= 3 && (
            <Card className="span-5" title={t('segments.overlap')}>
              <Venn names={names} sizes={data.sizes} sets={data.sets} />
            </Card>
          )}
          <Card className={names.length <= 3 ? 'span-7' : 'span-12'} title={t('segments.sets')}>
            <Combinations names={names} expressions={expressions} sizes={data.sizes} sets={data.sets} />
          </Card>
        </div>
      )}
    </Answer>
  );
}

export function OverlapPage() {
  const { t } = useTranslation();
  const segments = hooks.useQuery('get', '/segments');
  const [search, setSearch] = useSearchParams();
  const chosen = (search.get('ids') ?? '').split(',').filter(Boolean).map(Number);
  return (
    <Page title={t('segments.overlap_title')} subtitle={t('segments.overlap_text')}>
      <Answer query={segments}>
        {({ items }) => {
          const picked = chosen.flatMap((id) => items.filter((one) => one.id === id));
          return (
            <div className="stack">
              <Card>
                <Select
                  mode="multiple"
                  aria-label={t('segments.choose')}
                  placeholder={t('segments.choose')}
                  maxCount={kMost}
                  value={picked.map((one) => one.id)}
                  options={items.map((one) => ({ value: one.id, label: one.name }))}
                  showSearch={{ optionFilterProp: 'label' }}
                  style={{ width: '100%' }}
                  onChange={(ids: number[]) => setSearch({ ids: ids.join(',') }, { replace: true })}
                />
              </Card>
              {picked.length < 2 ? (
                <Card>
                  <Empty title={t('segments.choose_two')} />
                </Card>
              ) : (
                <Overlap names={picked.map((one) => one.name)} expressions={picked.map((one) => one.expression)} />
              )}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}
