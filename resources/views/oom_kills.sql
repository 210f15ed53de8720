-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every process that the kernel killed for lack of memory, with what its report says around that line: whose limit was reached, and of whom.
-- Kernels before 5.0 print no line with the constraint; what they print instead is looked at too.
CREATE VIEW oom_kills AS
SELECT k.source, k.line, k.last_line, k.text, k.time, k.time_lo, k.time_hi, k.host,
  CAST(json_extract(k.fields, '$.pid') AS INTEGER) AS pid,
  json_extract(k.fields, '$.comm') AS comm,
  json_extract(k.fields, '$.anon_rss') AS anon_rss,
  coalesce(k.cgroup, json_extract(c.fields, '$.task_memcg')) AS cgroup,
  json_extract(c.fields, '$.oom_memcg') AS oom_memcg,
  json_extract(c.fields, '$.constraint') AS oom_constraint,
  (SELECT json_extract(u.fields, '$.limit') FROM events u
    WHERE u.signature = 'kernel.oom_memcg_usage' AND u.source = k.source AND u.line BETWEEN k.line - 400 AND k.line
    ORDER BY u.line DESC LIMIT 1) AS limit_kb,
  CASE
    WHEN json_extract(c.fields, '$.constraint') IN ('CONSTRAINT_NONE', 'CONSTRAINT_CPUSET', 'CONSTRAINT_MEMORY_POLICY')
      OR (c.line IS NULL AND json_extract(k.fields, '$.scope') = 'Out of memory') THEN 'the whole machine'
    -- A container's or a unit's own group is no group above it, though its processes stand in groups below.
    WHEN json_extract(c.fields, '$.oom_memcg') <> json_extract(c.fields, '$.task_memcg')
      AND json_extract(c.fields, '$.oom_memcg') NOT REGEXP '[0-9a-f]{64}|[0-9a-f]{8}[-_][0-9a-f]{4}[-_]|\.(service|scope)$' THEN 'a group above it'
    WHEN c.line IS NULL AND json_extract(k.fields, '$.scope') IS NULL
      AND EXISTS (SELECT 1 FROM events v WHERE v.signature = 'kernel.oom_victim' AND v.source = k.source AND v.line BETWEEN k.line - 4 AND k.line
        AND json_extract(v.fields, '$.pid') = json_extract(k.fields, '$.pid') AND json_extract(v.fields, '$.scope') = 'Out of memory') THEN 'the whole machine'
    WHEN c.line IS NULL
      AND EXISTS (SELECT 1 FROM events i WHERE i.signature = 'kernel.oom_task_in' AND i.source = k.source AND i.line BETWEEN k.line - 400 AND k.line
        AND json_extract(i.fields, '$.oom_memcg') <> json_extract(i.fields, '$.task_memcg')
        AND json_extract(i.fields, '$.oom_memcg') NOT REGEXP '[0-9a-f]{64}|[0-9a-f]{8}[-_][0-9a-f]{4}[-_]|\.(service|scope)$'
        AND NOT EXISTS (SELECT 1 FROM events j WHERE j.signature = 'kernel.oom_kill' AND j.source = k.source AND j.line BETWEEN i.line AND k.line - 1)) THEN 'a group above it'
    WHEN json_extract(c.fields, '$.constraint') = 'CONSTRAINT_MEMCG' OR json_extract(k.fields, '$.scope') LIKE 'Memory cgroup%'
      OR EXISTS (SELECT 1 FROM events v WHERE v.signature = 'kernel.oom_victim' AND v.source = k.source AND v.line BETWEEN k.line - 4 AND k.line
        AND json_extract(v.fields, '$.scope') LIKE 'Memory cgroup%') THEN 'its own'
  END AS whose
FROM events k
LEFT JOIN events c ON c.signature = 'kernel.oom_kill_constraint' AND c.source = k.source
  AND c.line = (SELECT x.line FROM events x WHERE x.signature = 'kernel.oom_kill_constraint' AND x.source = k.source
    AND (x.line BETWEEN k.line - 6 AND k.line AND json_extract(x.fields, '$.pid') = json_extract(k.fields, '$.pid')
      -- With memory.oom.group one report stands above the kills of the whole group.
      OR x.line BETWEEN k.line - 400 AND k.line AND k.time_lo - x.time_lo BETWEEN 0 AND 1000000000
        AND EXISTS (SELECT 1 FROM lines g WHERE g.source = k.source AND g.line BETWEEN x.line AND k.line
          AND g.text LIKE '%are going to be killed due to memory.oom.group set%'))
    ORDER BY x.line DESC LIMIT 1)
WHERE k.signature = 'kernel.oom_kill'
