#!/usr/bin/env elver
;;; force-layout.el --- a graph laid out by forces, computed in forks  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows forks as a means to try several ways from one state: the layouts that begin with different
;; random positions are computed by `parallel-mapcar', each in a fork that has the whole graph without
;; a copy of it, and the one with the least tension is drawn.
;;
;;     elver examples/force-layout.el EDGES OUT.svg [LAYOUTS]
;;
;; EDGES has a line "NODE NODE" for each edge; empty lines and those that begin with # do not matter.
;; The graph must be connected, or its parts drift apart.  LAYOUTS (4) are tried.  The same input gives
;; the same picture, whatever the number of cores.
;;
;; Between any two nodes there is a spring as long as the shortest path between them (Kamada and
;; Kawai's model), and the springs' tension is made less step by step (stress majorization).

;;; Code:

(require 'cl-lib)
(require 'subr-x)

(defun force-layout-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "force-layout: %s\nUsage: elver force-layout.el EDGES OUT.svg [LAYOUTS]"
           (apply #'format format args))
  (kill-emacs 2))

;;; The graph

(cl-defstruct (force-layout-graph (:constructor force-layout-graph (names edges distances)))
  names       ; a vector of strings
  edges       ; a list of pairs of indices
  distances)  ; a vector of vectors: edges on the shortest path, as floats; nil: none

(defun force-layout-distances (count edges)
  "Return the lengths of the shortest paths among COUNT nodes with EDGES."
  (let ((neighbours (make-vector count nil)))
    (pcase-dolist (`(,a . ,b) edges)
      (push b (aref neighbours a))
      (push a (aref neighbours b)))
    (vconcat
     (cl-loop for start below count collect
              (let ((row (make-vector count nil))
                    (front (list start))
                    (distance 0.0))
                (aset row start 0.0)
                (while front
                  (setq distance (1+ distance))
                  (let ((next nil))
                    (dolist (node front)
                      (dolist (other (aref neighbours node))
                        (unless (aref row other)
                          (aset row other distance)
                          (push other next))))
                    (setq front next)))
                row)))))

(defun force-layout-read (file)
  "Return the graph whose edges are in FILE."
  (let ((indices (make-hash-table :test #'equal))
        (names nil)
        (edges nil))
    (cl-flet ((index (name)
                (or (gethash name indices)
                    (progn (push name names)
                           (puthash name (hash-table-count indices) indices)))))
      (with-temp-buffer
        (insert-file-contents file)
        (dolist (line (split-string (buffer-string) "\n" t "[ \t\r]+"))
          (unless (string-prefix-p "#" line)
            (pcase (split-string line)
              (`(,a ,b) (let ((a (index a)) (b (index b)))
                          (unless (= a b) (push (cons a b) edges))))
              (_ (force-layout-usage "%s: not two names: %s" file line)))))))
    (unless edges (force-layout-usage "%s has no edges" file))
    (setq edges (nreverse edges))
    (force-layout-graph (vconcat (nreverse names)) edges
                        (force-layout-distances (hash-table-count indices) edges))))

;;; Layouts

(defun force-layout-random (state)
  "Return a random float from 0 to 1; STATE, a cons of a number, is changed."
  (setcar state (% (+ (* (car state) 1103515245) 12345) 2147483648))
  (/ (car state) 2147483648.0))

(defun force-layout-tension (graph xs ys)
  "Return how far GRAPH's springs are from their lengths at the positions XS and YS."
  (let ((count (length xs)) (sum 0.0))
    (dotimes (i count)
      (dotimes (j i)
        (let ((wanted (aref (aref (force-layout-graph-distances graph) i) j)))
          (when wanted
            (let* ((dx (- (aref xs i) (aref xs j)))
                   (dy (- (aref ys i) (aref ys j)))
                   (off (/ (- (sqrt (+ (* dx dx) (* dy dy))) wanted) wanted)))
              (setq sum (+ sum (* off off))))))))
    sum))

(defun force-layout-step (graph xs ys)
  "Move each node of GRAPH, at XS and YS, to where its springs pull it; return the longest move."
  (let ((count (length xs)) (longest 0.0))
    (dotimes (i count)
      (let ((row (aref (force-layout-graph-distances graph) i))
            (xi (aref xs i)) (yi (aref ys i))
            (x 0.0) (y 0.0) (weights 0.0))
        (dotimes (j count)
          (let ((wanted (aref row j)))
            (when (and wanted (/= i j))
              (let* ((dx (- xi (aref xs j)))
                     (dy (- yi (aref ys j)))
                     (far (max 1e-9 (sqrt (+ (* dx dx) (* dy dy)))))
                     (weight (/ 1.0 (* wanted wanted))))
                (setq x (+ x (* weight (+ (aref xs j) (/ (* wanted dx) far))))
                      y (+ y (* weight (+ (aref ys j) (/ (* wanted dy) far))))
                      weights (+ weights weight))))))
        (when (> weights 0)
          (aset xs i (/ x weights))
          (aset ys i (/ y weights))
          (setq longest (max longest (abs (- (aref xs i) xi)) (abs (- (aref ys i) yi)))))))
    longest))

(defun force-layout-compute (graph seed)
  "Return a layout (TENSION XS YS) of GRAPH that begins at random positions given by SEED."
  (let* ((count (length (force-layout-graph-names graph)))
         (state (list (* 7919 (1+ seed))))
         (size (sqrt count))
         (xs (make-vector count 0.0))
         (ys (make-vector count 0.0))
         (steps 0))
    (dotimes (i count)
      (aset xs i (* size (force-layout-random state)))
      (aset ys i (* size (force-layout-random state))))
    (while (and (< steps 300) (> (force-layout-step graph xs ys) 0.001))
      (setq steps (1+ steps)))
    (let ((tension (force-layout-tension graph xs ys)))
      (message "Layout %d: tension %.3f after %d steps" (1+ seed) tension steps)
      (list tension xs ys))))

;;; The picture

(defun force-layout-escape (text)
  "Return TEXT as it may stand in XML."
  (replace-regexp-in-string
   "[&<>]" (lambda (c) (pcase c ("&" "&amp;") ("<" "&lt;") (_ "&gt;"))) text t t))

(defun force-layout-draw (graph xs ys file)
  "Write a picture of GRAPH, laid out at XS and YS, to FILE."
  (let* ((scale 140.0) (border 60.0)
         (left (cl-reduce #'min xs)) (top (cl-reduce #'min ys))
         (place (lambda (value least) (+ border (* scale (- value least))))))
    (with-temp-file file
      (insert (format "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\">\n"
                      (+ border (funcall place (cl-reduce #'max xs) left))
                      (+ border (funcall place (cl-reduce #'max ys) top)))
              "<style>line{stroke:#9ab}circle{fill:#357}text{font:11px sans-serif}</style>\n"
              "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n")
      (pcase-dolist (`(,a . ,b) (force-layout-graph-edges graph))
        (insert (format "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n"
                        (funcall place (aref xs a) left) (funcall place (aref ys a) top)
                        (funcall place (aref xs b) left) (funcall place (aref ys b) top))))
      (dotimes (i (length xs))
        (let ((x (funcall place (aref xs i) left)) (y (funcall place (aref ys i) top)))
          (insert (format "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/><text x=\"%.1f\" y=\"%.1f\">%s</text>\n"
                          x y (+ x 8) (+ y 4)
                          (force-layout-escape (aref (force-layout-graph-names graph) i))))))
      (insert "</svg>\n"))))

(let ((edges (pop command-line-args-left))
      (out (pop command-line-args-left))
      (layouts (or (pop command-line-args-left) "4")))
  (cond ((null out) (force-layout-usage "a file of edges and one for the picture are needed"))
        ((or (not (file-readable-p edges)) (file-directory-p edges))
         (force-layout-usage "%s cannot be read" edges))
        ((not (string-match-p "\\`[1-9][0-9]?\\'" layouts))
         (force-layout-usage "the number of layouts must be from 1 to 99, not %s" layouts))
        (command-line-args-left
         (force-layout-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (let* ((graph (force-layout-read edges))
         (all (parallel-mapcar (lambda (seed) (force-layout-compute graph seed))
                               (number-sequence 0 (1- (string-to-number layouts))) 1))
         (best (cl-reduce (lambda (a b) (if (< (car b) (car a)) b a)) all)))
    (force-layout-draw graph (nth 1 best) (nth 2 best) out)
    (princ (format "%s: %d nodes, %d edges, tension %.3f, the least of %d\n" out
                   (length (force-layout-graph-names graph))
                   (length (force-layout-graph-edges graph)) (car best) (length all)))))

;;; force-layout.el ends here
