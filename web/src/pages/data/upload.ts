// Sends a file in parts; a part that got lost is sent again from where the server stands.
import { api, requestHeaders } from '../../api/client';
import { noAnswer, problemOf } from '../../api/problem';
import { apiBase } from '../../place';

const kPart = 4 << 20;
const kAttempts = 4;

async function sendPart(id: string, part: Blob, offset: number, signal: AbortSignal): Promise<number> {
  const response = await fetch(`${apiBase}/uploads/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { ...requestHeaders('PATCH'), 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset) },
    body: part,
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? error : noAnswer();
  });
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { offset: number }).offset;
}

export async function uploadFile(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<string> {
  const { data } = await api.POST('/uploads', { body: { filename: file.name, size: file.size }, signal });
  if (!data) throw noAnswer();
  let { offset } = data;
  let failures = 0;
  while (offset < file.size) {
    try {
      offset = await sendPart(data.id, file.slice(offset, offset + kPart), offset, signal);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (signal.aborted || failures >= kAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 400 * failures));
      const { data: state } = await api.GET('/uploads/{id}', { params: { path: { id: data.id } }, signal });
      offset = state?.offset ?? offset;
    }
    onProgress(file.size === 0 ? 1 : offset / file.size);
  }
  return data.id;
}
