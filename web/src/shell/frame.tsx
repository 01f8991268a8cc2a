// The frame around every page: navigation at the side (a drawer on narrow screens), search, language, look, account.
import { MenuOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigationType } from 'react-router';

import { AccountMenu } from './account_menu';
import { Navigation } from './navigation';
import { SearchPalette } from './search_palette';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

export function Frame() {
  const { t } = useTranslation();
  const location = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [searchOpen, setSearchOpen] = useState(false);
  const closeSearch = useCallback(() => setSearchOpen(false), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const slash = event.key === '/' && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
      const ctrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!slash && !ctrlK) return;
      event.preventDefault();
      setSearchOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const isBack = useNavigationType() === 'POP'; // the browser knows where that page was left
  useEffect(() => {
    setMenuOpen(false);
    if (!isBack) window.scrollTo(0, 0);
  }, [location.pathname]);

  return (
    <>
      <a className="skip-link" href={`${location.pathname}#content`} onClick={(event) => {
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}>
        {t('shell.skip')}
      </a>
      <div className="shell">
        <div className="shell-side wide">
          <Navigation />
        </div>
        <div className="shell-main">
          <header className="shell-top">
            <Button
              className="menu-button"
              type="text"
              icon={<MenuOutlined aria-hidden />}
              aria-label={t('shell.menu')}
              onClick={() => setMenuOpen(true)}
            />
            <button type="button" className="shell-search" onClick={() => setSearchOpen(true)}>
              <SearchOutlined aria-hidden />
              <span>{t('shell.search.button')}</span>
              <kbd aria-hidden>/</kbd>
            </button>
            <div className="spread" />
            <AccountMenu />
          </header>
          <main id="content" tabIndex={-1} style={{ outline: 'none' }}>
            <Outlet />
          </main>
        </div>
      </div>
      <Drawer open={menuOpen} onClose={() => setMenuOpen(false)} placement="left" size={260} title={null} closable={false}
        aria-label={t('shell.navigation')}>
        <Navigation onChoose={() => setMenuOpen(false)} />
      </Drawer>
      {searchOpen && <SearchPalette onClose={closeSearch} />}
    </>
  );
}
