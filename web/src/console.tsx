// The whole console: look, language, requests; then whoever is signed in gets the pages.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import './shell/words';
import { asProblem } from './api/problem';
import { currentLanguage } from './i18n';
import { nonce } from './place';
import { Gate } from './shell/gate';
import { useDark } from './theme/scheme';
import { themeOf } from './theme/tokens';

const kRetries = 2;

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        // Only what may go better next time: no answer, or a busy server.
        retry: (count, error) => {
          const { status } = asProblem(error);
          return count < kRetries && (status === 0 || status === 503);
        },
      },
    },
  });
}

export function Console() {
  const { i18n } = useTranslation();
  const dark = useDark();
  const [client] = useState(newClient);
  // The server answers in the language asked for: what it said before is asked again.
  useEffect(() => {
    const again = () => void client.invalidateQueries();
    i18n.on('languageChanged', again);
    return () => i18n.off('languageChanged', again);
  }, [i18n, client]);
  return (
    <ConfigProvider
      theme={themeOf(dark)}
      locale={currentLanguage() === 'en' ? enGB : zhCN}
      csp={nonce ? { nonce } : undefined}
      button={{ autoInsertSpace: false }}
    >
      <App>
        <QueryClientProvider client={client}>
          <Gate />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}
