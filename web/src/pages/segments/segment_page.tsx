// A saved segment: who is in it now, how that changed, its versions, and what becomes of such people.
import './words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';

import { useActor } from '../../actor';
import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useFormats } from '../../format';
import { Card, Page } from '../../page';
import { useMay } from '../../session';
import { Answer, Loading } from '../../states';
import { Tabs } from '../../tabs';
import { AudiencePane } from './audience_pane';
import { BackTest } from './back_test';
import { Compare } from './compare';
import { Difference } from './difference';
import { Entered } from './entered';
import { Explain } from './explain';
import { etagOf, type Segment } from './save_segment';
import { Versions } from './versions';

const History = lazy(() => import('./history').then((m) => ({ default: m.History })));

function Sentence({ expression }: { expression: string }) {
  const query = hooks.useQuery('post', '/segments/parse', { body: { expression } }, { staleTime: Infinity });
  return <p className="sentence">{query.data?.sentence ?? expression}</p>;
}

function Saved({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const formats = useFormats();
  const nameOf = useActor();
  const navigate = useNavigate();
  const client = useQueryClient();
  const may = useMay('segments.write');
  const [search, setSearch] = useSearchParams();

  const refresh = async () => {
    try {
      const { data } = await api.POST('/segments/{id}/refresh', { params: { path: { id: segment.id } } });
      await client.invalidateQueries();
      if (data)
        message.success(
          t('segments.refreshed', { members: formats.number(data.members), entered: formats.number(data.entered), left: formats.number(data.left) }),
        );
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };
  const remove = () => {
    void modal.confirm({
      title: t('segments.delete'),
      content: t('segments.delete_sure', { name: segment.name }),
      okText: t('shell.delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: async () => {
        try {
          await api.DELETE('/segments/{id}', { params: { path: { id: segment.id }, header: { 'If-Match': await etagOf(segment.id) } } });
          await client.invalidateQueries({ queryKey: ['get', '/segments'] });
          message.success(t('segments.deleted'));
          void navigate('/segments');
        } catch (problem) {
          message.error(asProblem(problem).detail);
        }
      },
    });
  };

  const { expression } = segment;
  const tabs = [
    { key: 'overview', children: <div className="wide-pane"><AudiencePane expression={expression} /></div> },
    { key: 'history', children: <Suspense fallback={<Loading />}><History segment={segment} /></Suspense> },
    { key: 'entered', children: <Entered segment={segment} /> },
    { key: 'backtest', children: <BackTest expression={expression} /> },
    { key: 'compare', children: <Compare expression={expression} /> },
    { key: 'difference', children: <Difference segment={segment} /> },
    { key: 'explain', children: <Explain expression={expression} /> },
    { key: 'versions', children: <Versions segment={segment} /> },
  ];
  return (
    <Page
      title={segment.name}
      subtitle={[segment.description, nameOf(segment.owner), formats.time(segment.changed_at)].filter(Boolean).join(' · ')}
      actions={
        may && (
          <>
            <Button onClick={() => void refresh()}>{t('segments.refresh')}</Button>
            <Button danger onClick={remove}>
              {t('shell.delete')}
            </Button>
            <Button type="primary" onClick={() => void navigate(`/segments/${segment.id}/edit`)}>
              {t('shell.edit')}
            </Button>
          </>
        )
      }
    >
      <div className="stack">
        <Card>
          <Sentence expression={expression} />
          <p className="code quiet" style={{ marginTop: 8 }}>
            {expression}
          </p>
        </Card>
        <Tabs
          label={segment.name}
          active={search.get('tab') ?? 'overview'}
          onChange={(tab) => setSearch({ tab }, { replace: true })}
          tabs={tabs.map((tab) => ({ ...tab, label: t(`segments.tabs.${tab.key}`) }))}
        />
      </div>
    </Page>
  );
}

export function SegmentPage() {
  const { id } = useParams();
  const query = hooks.useQuery('get', '/segments/{id}', { params: { path: { id: Number(id) } } });
  return <Answer query={query} page>{(segment) => <Saved segment={segment} />}</Answer>;
}
