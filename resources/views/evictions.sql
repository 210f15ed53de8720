-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every eviction that the kubelet, its events or a CI system's log tells of, and for whose sake: the node's, or its own use of the disk.
CREATE VIEW evictions AS
SELECT e.source, e.line, e.last_line, e.text, e.time, e.time_lo, e.time_hi, e.pid, e.pod, e.container, e.cgroup, e.fields, e.signature,
  json_extract(e.fields, '$.message') AS message,
  CASE
    WHEN e.text || e.fields REGEXP '(?i)node was low on resource|node had condition|pressure' THEN 'for the node''s sake'
    WHEN e.text || e.fields REGEXP '(?i)ephemeral|EmptyDir|local storage' THEN 'for its own disk use'
  END AS whose
FROM events e
WHERE e.signature IN ('kube.pod_evicted', 'kube.event.evicted', 'kube.pod_failed', 'kube.eviction_told')
  AND e.text || e.fields REGEXP '(?i)evict|low on resource|ephemeral|EmptyDir'
