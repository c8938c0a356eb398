"""Employment station 就业服务站: intentions, vacancies, matching, applications, placements."""
