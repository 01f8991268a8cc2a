// Does something on the server, then has every page look again; says so if it did not work.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';

import { asProblem } from '../../api/problem';

export function useAttempt(): (work: () => Promise<unknown>, done?: string) => Promise<boolean> {
  const { message } = App.useApp();
  const client = useQueryClient();
  return async (work, done) => {
    try {
      await work();
      await client.invalidateQueries();
      if (done) message.success(done);
      return true;
    } catch (problem) {
      message.error(asProblem(problem).detail);
      return false;
    }
  };
}
