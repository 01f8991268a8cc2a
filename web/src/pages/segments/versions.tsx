import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer } from '../../states';
import { etagOf, type Segment } from './save_segment';

export function Versions({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const formats = useFormats();
  const nameOf = useActor();
  const client = useQueryClient();
  const may = useMay('segments.write');
  const query = hooks.useQuery('get', '/segments/{id}/versions', { params: { path: { id: segment.id } } });

  const restore = async (expression: string) => {
    try {
      await api.PUT('/segments/{id}', {
        params: { path: { id: segment.id }, header: { 'If-Match': await etagOf(segment.id) } },
        body: { name: segment.name, description: segment.description, expression },
      });
      await client.invalidateQueries();
      message.success(t('segments.restored'));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };

  return (
    <Card>
      <Answer query={query}>
        {({ items }) => (
          <DataTable
            caption={t('segments.tabs.versions')}
            rows={items}
            rowKey={(one) => one.version}
            columns={[
              { key: 'version', title: t('segments.version'), render: (one) => one.version },
              { key: 'expression', title: t('segments.expression'), render: (one) => <span className="code">{one.expression}</span> },
              { key: 'author', title: t('segments.author'), render: (one) => nameOf(one.author) },
              { key: 'at', title: t('segments.at'), render: (one) => <span className="nowrap">{formats.time(one.at)}</span> },
              {
                key: 'actions',
                title: t('shell.actions'),
                render: (one) =>
                  one.version === segment.version ? (
                    <span className="tag good">{t('segments.present')}</span>
                  ) : (
                    may && (
                      <Button size="small" onClick={() => void restore(one.expression)}>
                        {t('segments.restore')}
                      </Button>
                    )
                  ),
              },
            ]}
          />
        )}
      </Answer>
    </Card>
  );
}
