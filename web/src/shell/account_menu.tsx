import { GlobalOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '../api/client';
import { currentLanguage, setLanguage, type Language } from '../i18n';
import { useSession } from '../session';
import { setScheme, useScheme, type Scheme } from '../theme/scheme';

const kSchemes: Scheme[] = ['system', 'light', 'dark'];

export function LanguageButton() {
  const { t } = useTranslation();
  const other: Language = currentLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      type="text"
      icon={<GlobalOutlined aria-hidden />}
      lang={other}
      aria-label={`${t('shell.language')}: ${other === 'en' ? 'English' : '中文'}`}
      onClick={() => setLanguage(other)}
    >
      <span className="account-name">{other === 'en' ? 'English' : '中文'}</span>
    </Button>
  );
}

export function AccountMenu() {
  const { t } = useTranslation();
  const scheme = useScheme();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { session, refresh } = useSession();
  const signOut = async () => {
    await api.DELETE('/session');
    // What this person saw is not for the next one.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] !== '/session' });
    await refresh();
  };
  return (
    <>
      <LanguageButton />
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [scheme],
          items: [
            { key: 'account', label: t('shell.account'), onClick: () => void navigate('/account') },
            { type: 'divider' },
            {
              type: 'group',
              label: t('shell.appearance'),
              children: kSchemes.map((key) => ({ key, label: t(`shell.scheme.${key}`), onClick: () => setScheme(key) })),
            },
            { type: 'divider' },
            { key: 'out', label: t('shell.sign_out'), onClick: () => void signOut() },
          ],
        }}
      >
        <Button type="text" icon={<UserOutlined aria-hidden />} aria-haspopup="menu" aria-label={`${session.user?.display_name || session.user?.name || ''} ${t('shell.account')}`}>
          <span className="account-name">{session.user?.display_name || session.user?.name}</span>
        </Button>
      </Dropdown>
    </>
  );
}
