import './words';

import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { useJobMessage } from '../../jobs/message';
import { useImportName } from '../../jobs/title';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { DataPage } from './data_tabs';

export function ImportsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useImportName();
  const messageOf = useJobMessage();
  const navigate = useNavigate();
  const pages = usePages('imports');
  const query = hooks.useQuery('get', '/imports', { params: { query: pages.cursor ? { cursor: pages.cursor } : {} } });
  return (
    <DataPage title={t('data.imports_title')}>
      <Card>
        <Answer query={query}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty
                title={t('data.imports_empty')}
                actions={
                  <Button type="primary" onClick={() => void navigate('/data/import')}>
                    {t('data.import_title')}
                  </Button>
                }
              />
            ) : (
              <>
                <DataTable
                  caption={t('data.imports_title')}
                  rows={data.items}
                  rowKey={(one) => one.id}
                  columns={[
                    {
                      key: 'file',
                      title: t('data.file'),
                      render: (one) => (
                        <>
                          <Link to={`/data/imports/${one.id}`}>{nameOf(one.file)}</Link>
                          {one.failure && <div className="delta-down small">{messageOf(one.failure)}</div>}
                        </>
                      ),
                    },
                    { key: 'format', title: t('data.format'), render: (one) => t(`data.formats.${one.format}`, one.format) },
                    { key: 'shop', title: t('data.shop'), render: (one) => one.shop ?? '' },
                    { key: 'state', title: t('data.state'), render: (one) => <span className={one.failure ? 'tag bad' : 'tag'}>{t(`data.states.${one.state}`, one.state)}</span> },
                    { key: 'started_at', title: t('data.started_at'), render: (one) => <span className="nowrap">{formats.time(one.started_at)}</span> },
                    { key: 'rows', title: t('data.rows'), number: true, render: (one) => formats.number(one.rows) },
                    { key: 'imported', title: t('data.imported'), number: true, render: (one) => formats.number(one.imported) },
                    { key: 'unchanged', title: t('data.unchanged'), number: true, render: (one) => formats.number(one.unchanged) },
                    {
                      key: 'rejected',
                      title: t('data.rejected'),
                      number: true,
                      render: (one) => (one.rejected > 0 ? <span className="delta-down">{formats.number(one.rejected)}</span> : '0'),
                    },
                  ]}
                />
                <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
              </>
            )
          }
        </Answer>
      </Card>
    </DataPage>
  );
}
