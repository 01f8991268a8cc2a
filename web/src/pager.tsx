// Pages by cursor: forth with the server's cursor, back through those already seen.
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface Pages {
  cursor: string | undefined;
  number: number;
  forth: (cursor: string) => void;
  back: () => void;
}

// Starts again from the first page whenever `about` changes.
export function usePages(about: string): Pages {
  const [state, setState] = useState<{ about: string; cursors: string[] }>({ about, cursors: [] });
  const cursors = state.about === about ? state.cursors : [];
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    forth: (cursor) => setState({ about, cursors: [...cursors, cursor] }),
    back: () => setState({ about, cursors: cursors.slice(0, -1) }),
  };
}

export function Pager({ pages, next, busy }: { pages: Pages; next: string | null | undefined; busy?: boolean }) {
  const { t } = useTranslation();
  if (pages.number === 1 && !next) return null;
  return (
    <nav className="row pager" aria-label={t('shell.page_of', { n: pages.number })}>
      <Button disabled={pages.number === 1} onClick={pages.back}>
        {t('shell.previous_page')}
      </Button>
      <span className="quiet">{t('shell.page_of', { n: pages.number })}</span>
      <Button disabled={!next} loading={busy ?? false} onClick={() => next && pages.forth(next)}>
        {t('shell.next_page')}
      </Button>
    </nav>
  );
}
