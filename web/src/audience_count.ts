// How many an expression finds, and a few of them. The answer of the question before stays until the next one comes.
import { hooks } from './api/client';

export function useCount(expression: string, sample = 0) {
  return hooks.useQuery('post', '/segments/count', { body: { expression, sample } }, {
    enabled: expression !== '',
    placeholderData: (before) => before,
  });
}
