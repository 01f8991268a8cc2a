// What every page begins with: its title (also the window's), a line on what it is for, and its actions.
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function Page({
  title,
  subtitle,
  actions,
  children,
}: {
  title: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <div className="page">
      <div className="page-head">
        <div className="grow">
          <h1>{title}</h1>
          {subtitle && <p>{subtitle}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Card({
  title,
  extra,
  className = '',
  children,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={`card ${className}`}>
      {(title || extra) && (
        <header>
          <h2 className="grow">{title}</h2>
          {extra}
        </header>
      )}
      {children}
    </section>
  );
}
