// What the server says against a request or a row, in Chinese, by the stable key of the problem (docs/errors.md has them
// all). The server's own words are English: where only they name the place, the text ends with "：" and they follow.
const kChinese: Record<string, string> = {
  'file.not_found': '找不到这个文件。',
  'file.unreadable': '文件读不出来：',
  'file.binary': '这不是文本文件（例如 .xlsx 或压缩包）。请在原来的软件里另存为 CSV 再导入。',
  'file.truncated': '压缩文件不完整，可能没有下载完。请重新取得完整的文件。',
  'file.corrupt': '压缩文件已损坏，请重新取得。',
  'file.failed': '操作系统拒绝了对文件的操作：',
  'file.empty': '文件里没有表头，也没有数据。',
  'file.unwritable': '写不进文件（没有权限或磁盘已满）：',
  'encoding.invalid': '文件既不是 UTF-8、UTF-16，也不是 GB18030。请另存为 CSV (UTF-8)。',
  'format.unknown': '表头不属于任何已知格式。如果是改动过的已知格式，请在“格式”里指定。',
  'header.missing_column': '缺少这种格式必需的列：',
  'header.duplicate_column': '有两列的表头相同：',
  'row.ragged': '这一行的格数与表头不一样，多半是内容里的引号或分隔符没有处理好。',
  'csv.unclosed_quote': '引号没有结束。',
  'csv.record_too_large': '这一行太长，多半是引号没有结束。',
  'csv.too_many_columns': '列太多。',
  'cell.too_large': '这一格太长。',
  'text.nul': '内容里有不能用的字符。',
  'json.invalid': 'JSON 写得不对：',
  'order_no.missing': '缺少订单号。',
  'order_no.scientific': '订单号被表格软件改成了科学计数法，数字已丢失；请从平台重新导出。',
  'status.unknown': '不认识这个订单状态：',
  'time.missing': '缺少时间。',
  'time.invalid': '时间写得不对：',
  'time.out_of_range': '时间超出范围：',
  'time_zone.unknown': '没有这个时区：',
  'quantity.missing': '缺少数量。',
  'quantity.negative': '数量不能是负数。',
  'quantity.sign': '数量的正负与这一行的种类不符。',
  'price.missing': '缺少价格。',
  'price.negative': '价格不能是负数。',
  'amount.negative': '金额不能是负数。',
  'number.invalid': '数字写得不对：',
  'number.too_large': '数字太大。',
  'number.too_precise': '小数位太多。',
  'number.out_of_range': '数字超出范围：',
  'currency.unknown': '没有这个币种：',
  'record.busy': '数据库正忙，请稍后重试。',
  'record.disk_full': '磁盘已满，请先腾出空间。',
  'record.read_only': '数据文件是只读的。',
  'record.unavailable': '暂时连不上数据库，请稍后重试。',
  'record.changed_meanwhile': '别人刚刚改过它。请重新打开再修改，以免覆盖对方的改动。',
  'setting.unknown': '没有这个设置：',
  'setting.invalid': '设置的值不行：',
  'setting.contradiction': '几个设置互相矛盾：',
  'insight.where_drawn': '取前若干名或抽样的分群不能用作 RFM 的范围。',
  'shop.unknown': '没有这个店铺。',
  'shop.in_use': '这个店铺已有订单，不能这样修改：',
  'customer.unknown': '没有这位客户。',
  'customer.same': '这是同一位客户。',
  'customer.not_merged': '这次合并已经拆开。',
  'customer.not_found': '没有找到这位客户。',
  'customer.ambiguous': '这个标识对应好几位客户。',
  'customer.erased': '这位客户的个人信息已被删除。',
  'import.unknown': '没有这次导入。',
  'import.no_such_row': '没有这一行，或它已经改正。',
  'rate.invalid': '汇率写得不对：',
  'expression.too_long': '表达式太长。',
  'expression.too_deep': '表达式嵌套太深。',
  'expression.circular': '分群互相引用，成了循环：',
  'expression.not_available': '这里不能用：',
  'expression.customer_unknown': '没有这位客户。',
  'attribute.invalid': '自定义属性不行：',
  'attribute.unknown': '没有这个自定义属性。',
  'name.invalid': '名称不行：',
  'segment.unknown': '没有这个分群，可能已被删除。',
  'segment.exists': '已经有同名的分群，请换一个名称。',
  'segment.in_use': '别的分群或标签规则用到了它，请先修改它们：',
  'segment.cycle': '分群互相引用，成了循环：',
  'segment.changed': '别人刚刚改过这个分群。请重新打开再修改，以免覆盖对方的改动。',
  'segment.refresh_order': '更晚的日子已经登记过，不能再登记更早的。',
  'segment.too_many_sets': '一次最多比较 6 个分群。',
  'segment.back_test_days': '天数超出范围：',
  'segment.back_test_future': '这一天还没有到。',
  'list.unknown': '没有这份名单，可能已被删除。',
  'list.in_use': '分群用到了这份名单，请先修改它们：',
  'list.unknown_column': '找不到标识所在的列：',
  'list.unknown_kind': '不认识这种标识：',
  'tag.unknown': '没有这个标签。',
  'tag.no_rule': '这个标签没有规则。',
  'tag.no_tag': '没有这个标签。',
  'tag.no_undo': '已经不能撤销：之后又有了别的修改，或时间太久。',
  'insight.rfm_scores': 'RFM 的分档不行：',
  'auth.forbidden': '您的角色没有这项权限。',
  'auth.wrong_credentials': '用户名或密码不对。',
  'auth.throttled': '尝试次数太多，请过几分钟再试。',
  'auth.wrong_code': '验证码不对，或已过期。',
  'auth.totp_not_begun': '请先开始设置两步验证。',
  'auth.signed_out': '登录已失效，请重新登录。',
  'auth.second_factor_needed': '请先完成两步验证。',
  'auth.last_administrator': '至少要保留一位管理员。',
  'auth.not_a_person': '这件事只能由登录的用户来做。',
  'auth.csrf': '页面已过期，请重新载入再试。',
  'auth.other_origin': '请求来自别的网站，已拒绝。',
  'setup.done': '管理员账号已经建立。',
  'token.invalid': '链接已用过、已过期，或不完整。请向管理员要一个新的。',
  'password.weak': '密码太容易猜。请用更长的，或几个不相关的词。',
  'role.unknown': '没有这个角色。',
  'role.built_in': '内置角色不能修改，可以“以此为样”新建。',
  'role.name_taken': '已经有同名的角色。',
  'role.in_use': '还有用户是这个角色。',
  'user.unknown': '没有这位用户。',
  'user.name_taken': '已经有人用这个用户名。',
  'user.invalid_name': '用户名不行：',
  'api_key.unknown': '没有这把密钥。',
  'api_key.no_scopes': '请至少选一项权限。',
  'api_key.too_much': '您没有其中的某些权限，不能发给密钥。',
  'api_key.invalid_expiry': '有效期要在今天之后。',
  'erase.not_confirmed': '请先确认。',
  'note.empty': '备注是空的。',
  'note.too_long': '备注太长。',
  'note.unknown': '没有这条备注。',
  'export.unknown': '没有这次导出。',
  'export.own_request': '自己申请的导出要由另一位同事审批。',
  'export.not_waiting': '这次导出已经有人处理。',
  'export.not_approved': '这次导出还没有批准。',
  'export.expired': '导出的文件已过期，请重新导出。',
  'export.no_file': '这次导出没有文件。',
  'job.unknown': '没有这个任务。',
  'job.ended': '任务已经结束。',
  'job.cancelled': '任务已取消。',
  'job.crashed': '任务出错中断：',
  'job.interrupted': '任务没有做完熟客就停止了，请重新开始。',
  'server.busy': '服务器正忙，请稍后重试。',
  'server.draining': '服务器正在关闭。',
  'server.disk_full': '磁盘已满，请先腾出空间。',
  'server.bug': '服务器内部出错，请把日志交给管理员。',
  'request.no_such_thing': '找不到它，可能已被删除。',
  'request.no_such_path': '服务器没有这个地址。',
  'request.body_too_large': '内容太大。',
  'request.too_many_rows': '行数太多。',
  'request.invalid': '填写的内容不行：',
  'row.invalid': '这一行不行：',
  'upload.unknown': '上传的文件已不在服务器上，请重新上传。',
  'upload.incomplete': '文件还没有传完。',
  'upload.no_space': '服务器磁盘空间不够。',
  'demo.missing': '这台机器上没有样本数据。',
  'demo.not_empty': '已经有数据，不能再载入样本。',
};

const kFound = /found '(.*?)'/s;

// Of a mistake in an expression: what was found, in words of its kind.
function ofExpression(key: string, detail: string): string | null {
  const found = kFound.exec(detail)?.[1];
  switch (key) {
    case 'expression.syntax':
      return found ? `看不懂“${found}”。` : '表达式写得不完整：';
    case 'expression.unknown_field':
      return found ? `没有“${found}”这个字段。` : '没有这个字段：';
    case 'expression.unknown_fact':
      return found ? `没有“${found}”这种记录。` : '没有这种记录：';
    case 'expression.unknown_function':
      return found ? `没有“${found}”这种计算。` : '没有这种计算：';
    case 'expression.unknown_name':
      return found ? `没有叫“${found}”的分群、名单或标签。` : '没有这个分群、名单或标签：';
    case 'expression.value':
      return found ? `这里不能填“${found}”。` : '这个值不行：';
    case 'expression.type':
      return found ? `“${found}”不能用在这里。` : '两边不能这样比较：';
    default:
      return null;
  }
}

// The detail itself where there is nothing better to say.
export function inChinese(key: string, detail: string): string {
  const text = kChinese[key] ?? ofExpression(key, detail);
  if (text === null) return detail;
  return text.endsWith('：') ? text + detail : text;
}
