// All segments: found by name, opened, compared; an empty shop begins with the ready-made ones.
import './words';

import { PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { useActor } from '../../actor';
import { hooks } from '../../api/client';
import { DataTable, type Column } from '../../data_table';
import { useFormats } from '../../format';
import { Card, Page } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import type { Segment } from './save_segment';

export function SegmentsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useActor();
  const navigate = useNavigate();
  const may = useMay('segments.write');
  const [wanted, setWanted] = useState('');
  const query = hooks.useQuery('get', '/segments');

  const columns: Column<Segment>[] = [
    {
      key: 'name',
      title: t('segments.name'),
      render: (segment) => (
        <>
          <Link to={`/segments/${segment.id}`}>{segment.name}</Link>
          <div className="quiet small">{segment.description || <span className="code">{segment.expression}</span>}</div>
        </>
      ),
    },
    { key: 'members', title: t('segments.members'), number: true, render: (segment) => formats.number(segment.members) },
    { key: 'version', title: t('segments.version'), number: true, render: (segment) => segment.version },
    { key: 'owner', title: t('segments.owner'), render: (segment) => nameOf(segment.owner) },
    { key: 'changed_at', title: t('segments.changed_at'), render: (segment) => <span title={formats.time(segment.changed_at)}>{formats.ago(segment.changed_at)}</span> },
    {
      key: 'refreshed_at',
      title: t('segments.refreshed_at'),
      render: (segment) => (segment.refreshed_at ? formats.ago(segment.refreshed_at) : <span className="quiet">{t('segments.never_refreshed')}</span>),
    },
  ];

  return (
    <Page
      title={t('segments.title')}
      subtitle={t('segments.subtitle')}
      actions={
        <>
          <Button onClick={() => void navigate('/segments/library')}>{t('segments.library')}</Button>
          <Button onClick={() => void navigate('/segments/overlap')}>{t('segments.overlap')}</Button>
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => void navigate('/segments/new')}>
            {t('segments.new')}
          </Button>
        </>
      }
    >
      <Answer query={query}>
        {({ items }) => {
          const lower = wanted.trim().toLowerCase();
          const shown = items.filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(lower));
          return items.length === 0 ? (
            <Card>
              <Empty
                title={t('segments.empty')}
                actions={
                  <>
                    {may && (
                      <Button type="primary" onClick={() => void navigate('/segments/new')}>
                        {t('segments.new')}
                      </Button>
                    )}
                    <Button onClick={() => void navigate('/segments/library')}>{t('segments.library')}</Button>
                  </>
                }
              >
                {t('segments.empty_text')}
              </Empty>
            </Card>
          ) : (
            <Card>
              <div className="stack">
                <Input
                  type="search"
                  allowClear
                  aria-label={t('segments.search')}
                  placeholder={t('segments.search')}
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                  style={{ maxWidth: 320 }}
                />
                {shown.length === 0 ? (
                  <Empty title={t('segments.none_found')} />
                ) : (
                  <DataTable caption={t('segments.title')} columns={columns} rows={shown} rowKey={(segment) => segment.id} />
                )}
              </div>
            </Card>
          );
        }}
      </Answer>
    </Page>
  );
}
