// Before anybody is signed in: the first account, signing in, the second step, a new password by one-time link.
import './words';

import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { LanguageButton } from '../../shell/account_menu';
import { basePath } from '../../place';
import type { Session } from '../../session';
import { NewPasswordForm } from './new_password_form';
import { SecondFactorForm } from './second_factor_form';
import { SignInForm } from './sign_in_form';

export function AccessPage({ session, link }: { session: Session; link: string | null }) {
  const { t } = useTranslation();
  const [secondFactor, setSecondFactor] = useState(session.needs_second_factor ?? false);

  let title = t('access.sign_in');
  let text = t('access.sign_in_text');
  let content = <SignInForm onSecondFactor={() => setSecondFactor(true)} />;
  if (link) {
    const setup = session.needs_setup;
    title = setup ? t('access.welcome') : t('access.reset');
    text = setup ? t('access.welcome_text') : t('access.reset_text');
    content = <NewPasswordForm kind={setup ? 'setup' : 'reset'} token={link} />;
  } else if (session.needs_setup) {
    title = t('access.needs_link');
    text = t('access.needs_link_text');
    content = <></>;
  } else if (secondFactor) {
    title = t('access.second_factor');
    text = t('access.second_factor_text');
    content = <SecondFactorForm onBack={() => setSecondFactor(false)} />;
  }

  return (
    <main className="access" id="content">
      <div className="access-box card">
        <div className="row">
          <img src={`${basePath}/shuke.svg`} alt="" width={34} height={34} />
          <strong className="grow">{t('shell.product')}</strong>
          <LanguageButton />
        </div>
        <h1>{title}</h1>
        <p className="quiet">{text}</p>
        {content}
      </div>
    </main>
  );
}
