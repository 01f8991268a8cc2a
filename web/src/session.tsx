// Who is signed in, what they may do, and the shop's zone and currency, for every page.
import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';

import { hooks, setCsrfToken, whenSignedOut } from './api/client';
import type { components } from './api/schema';
import { currentLanguage, setLanguage, storedLanguage } from './i18n';

export type Session = components['schemas']['session'];
export type Permission = string;

interface SessionValue {
  session: Session;
  zone: string;
  may: (permission: Permission) => boolean;
  refresh: () => Promise<void>;
}

const Context = createContext<SessionValue | null>(null);

export function useSessionQuery() {
  const query = hooks.useQuery('get', '/session', {}, { staleTime: 60_000, retry: 1 });
  setCsrfToken(query.data?.csrf_token ?? undefined);
  return query;
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const client = useQueryClient();
  const permissions = useMemo(() => new Set<string>(session.user?.permissions ?? []), [session.user]);
  const today = hooks.useQuery('get', '/today', {}, { enabled: permissions.has('customers.read') });
  const zone = session.time_zone ?? today.data?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const value = useMemo<SessionValue>(() => {
    return {
      session,
      zone,
      may: (permission) => permissions.has(permission),
      refresh: async () => {
        await client.invalidateQueries({ queryKey: ['get', '/session'] });
      },
    };
  }, [session, zone, permissions, client]);

  useEffect(() => whenSignedOut(() => void client.invalidateQueries({ queryKey: ['get', '/session'] })), [client]);

  // The account's language, unless this browser was told another one.
  useEffect(() => {
    const wanted = session.user?.language;
    if (!localStorage.getItem('shuke.language') && (wanted === 'en' || wanted === 'zh-CN') && wanted !== currentLanguage())
      setLanguage(wanted);
    else if (storedLanguage() !== currentLanguage()) setLanguage(storedLanguage());
  }, [session.user?.language]);

  return <Context value={value}>{children}</Context>;
}

export function useSession(): SessionValue {
  const value = use(Context);
  if (!value) throw new Error('useSession outside of SessionProvider');
  return value;
}

export const useMay = (permission: Permission): boolean => useSession().may(permission);
