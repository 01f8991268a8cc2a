import { requestHeaders } from '../../api/client';
import { noAnswer, problemOf } from '../../api/problem';
import { apiBase } from '../../place';

export async function resetPassword(token: string, password: string): Promise<void> {
  const response = await fetch(`${apiBase}/password-reset`, {
    method: 'POST',
    headers: { ...requestHeaders('POST'), 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, password }),
  }).catch(() => {
    throw noAnswer();
  });
  if (!response.ok) throw await problemOf(response);
}
