// A condition the forms cannot show (calculations, comparisons with everybody …): its text, and editing it as text.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../api/client';
import { asProblem } from '../api/problem';
import type { Predicate, Tree } from './tree';

export function LeafText({ node, onChange }: { node: Predicate; onChange: (node: Predicate) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const tree = { version: 1, where: node } as unknown as Record<string, unknown>;
  const { data } = hooks.useQuery('post', '/segments/parse', { body: { tree } }, { staleTime: Infinity });

  const apply = async () => {
    try {
      const answer = await api.POST('/segments/parse', { body: { expression: typed ?? '' } });
      if (answer.data) onChange((answer.data.tree as unknown as Tree).where);
      setTyped(null);
      setProblem('');
    } catch (error) {
      setProblem(asProblem(error).detail);
    }
  };

  if (typed === null) {
    return (
      <>
        <code className="code grow">{data?.text ?? '…'}</code>
        <Button size="small" onClick={() => setTyped(data?.text ?? '')}>
          {t('expression.as_text')}
        </Button>
      </>
    );
  }
  return (
    <div className="grow">
      <Input.TextArea autoFocus rows={2} aria-label={t('expression.editor')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      {problem && <div className="delta-down small">{problem}</div>}
      <div className="row">
        <Button size="small" type="primary" onClick={() => void apply()}>
          {t('expression.apply')}
        </Button>
        <Button size="small" onClick={() => setTyped(null)}>
          {t('shell.cancel')}
        </Button>
      </div>
    </div>
  );
}
