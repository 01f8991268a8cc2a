// Building a segment: the expression on the left, whom it finds on the right, while it is edited.
import './words';

import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker, useNavigate, useParams, useSearchParams } from 'react-router';

import { hooks } from '../../api/client';
import { ExpressionEditor } from '../../expression/expression_editor';
import { useExpression } from '../../expression/use_expression';
import { Card, Page } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { AudiencePane } from './audience_pane';
import { LeaveGuard } from './leave_guard';
import { etagOf, SaveSegment, type Segment } from './save_segment';

function Builder({ initial, segment }: { initial: string; segment?: { data: Segment; etag: string } }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay('segments.write');
  const state = useExpression(initial);
  const [saving, setSaving] = useState<'new' | 'version' | null>(null);
  const [saved, setSaved] = useState<Segment | null>(null);
  const cannotSave = state.pending || state.problem !== null || state.good === '';
  const isChanged = saved === null && state.good !== '' && state.undo !== null;
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isChanged && currentLocation.pathname !== nextLocation.pathname);

  useEffect(() => {
    if (saved) void navigate(`/segments/${saved.id}`);
  }, [saved, navigate]);

  return (
    <Page
      title={segment ? segment.data.name : t('segments.new')}
      subtitle={segment ? `${t('segments.edit')} · ${t('segments.version')} ${segment.data.version}` : undefined}
      actions={
        may && (
          <>
            {segment && (
              <Button disabled={cannotSave} onClick={() => setSaving('new')}>
                {t('segments.save_copy')}
              </Button>
            )}
            <Button type="primary" disabled={cannotSave} onClick={() => setSaving(segment ? 'version' : 'new')}>
              {segment ? t('segments.save_version') : t('segments.save')}
            </Button>
          </>
        )
      }
    >
      <div className="builder">
        <Card>
          <ExpressionEditor state={state} />
        </Card>
        {state.problem && state.good === '' ? (
          <Card>
            <Empty title={t('segments.mend_first')} />
          </Card>
        ) : (
        <AudiencePane
          expression={state.good}
          stale={state.pending || state.problem !== null}
          why={state.problem ? t('segments.of_last_right') : undefined}
          onNarrow={(more) => state.setText(/^all customers$/.test(state.good) ? more : `(${state.good}) and ${more}`)}
        />
        )}
      </div>
      {saving && (
        <SaveSegment
          expression={state.good}
          segment={saving === 'version' ? segment : undefined}
          onSaved={setSaved}
          onClose={() => setSaving(null)}
        />
      )}
      {blocker.state === 'blocked' && <LeaveGuard onStay={blocker.reset} onLeave={blocker.proceed} />}
    </Page>
  );
}

function BuilderOf({ id }: { id: number }) {
  const query = hooks.useQuery('get', '/segments/{id}', { params: { path: { id } } }, { staleTime: 0, gcTime: 0 });
  const [etag, setEtag] = useState<string | null>(null);
  useEffect(() => {
    void etagOf(id).then(setEtag, () => setEtag(''));
  }, [id]);
  return (
    <Answer query={query} page>
      {(segment) => (etag === null ? null : <Builder initial={segment.expression} segment={{ data: segment, etag }} />)}
    </Answer>
  );
}

export function BuilderPage() {
  const { id } = useParams();
  const [search] = useSearchParams();
  if (id) return <BuilderOf key={id} id={Number(id)} />;
  const initial = search.get('expression') ?? 'all customers';
  return <Builder key={initial} initial={initial} />;
}
